import { createContext } from 'svelte'
import type { Home } from './home.svelte.ts'

/** The live home, for the pages below its layout. */
export const [useHome, setHome] = createContext<Home>()
