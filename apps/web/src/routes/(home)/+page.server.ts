export { actions } from '#lib/server/home-actions.ts'
