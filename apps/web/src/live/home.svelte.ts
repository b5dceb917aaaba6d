import type { HomeSnapshot } from '@homewatt/contract'
import { homeView, type HomeView } from '@homewatt/display'
import { liveHome, type GatewayApi, type LiveConnection, type LiveHome } from '@homewatt/queries'

/** Ages are told in minutes, so this is often enough for them. */
const TICK_MS = 10_000
/** While a boost starts, seconds are shown. */
const FAST_TICK_MS = 1_000

/** The home on the screen: rendered once from `first`, alive from `start` on. */
export class Home {
  snapshot: HomeSnapshot = $state.raw() as HomeSnapshot
  /** The Partner API's present time. */
  now: Date = $state.raw() as Date
  connection: 'static' | LiveConnection = $state('static')
  /** Between two questions while there is no stream. */
  everyMs: number = $state(30_000)
  signedOut: boolean = $state(false)
  /** Whether the gateway serves another release by now than the one that runs here. */
  isOutdated: boolean = $state(false)
  readonly view: HomeView = $derived.by(() => (this.#shown = homeView(this.snapshot, this.now, this.#shown)))

  /** How often to `tick`. */
  readonly tickMs: number = $derived(isStarting(this.view) ? FAST_TICK_MS : TICK_MS)

  /** The view before, so that a picture near a threshold keeps its mind. */
  #shown: HomeView | undefined
  readonly #live: LiveHome

  constructor(api: GatewayApi, first: HomeSnapshot) {
    this.snapshot = first
    this.#live = liveHome({
      api,
      initial: first,
      onChange: ({ snapshot, connection, everyMs, servedScript, signedOut }) => {
        if (snapshot) this.snapshot = snapshot
        this.connection = connection
        this.everyMs = everyMs
        this.signedOut = signedOut
        // While developing the sources themselves run, whatever was built before.
        this.isOutdated = import.meta.env.PROD && !import.meta.url.endsWith(servedScript ?? '')
        this.now = this.#live.now()
      },
    })
    this.now = this.#live.now()
  }

  /** Listens, until the returned function is called. */
  start(): () => void {
    this.#live.start()
    return () => this.#live.stop()
  }

  /** Lets ages and elapsed times move on. */
  tick(): void {
    // Nobody looks at a hidden page, and returning to it brings a change anyway.
    if (document.visibilityState === 'visible') this.now = this.#live.now()
  }

  refresh(): Promise<void> {
    return this.#live.refresh()
  }

  /** After a command: the stream tells of its effect, and without one we ask. */
  async expectChange(): Promise<void> {
    if (this.connection !== 'live') await this.#live.refetch()
    this.now = this.#live.now()
  }
}

const isStarting = ({ vehicles, wallboxes }: HomeView) =>
  [...vehicles, ...wallboxes].some(({ boost }) => boost.kind === 'starting')
