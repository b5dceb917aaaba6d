export * from './api.ts'
export * from './live.ts'
export * from './rules.ts'
