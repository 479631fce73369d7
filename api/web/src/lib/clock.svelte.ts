/** The service's clock between its frames: the device's own clock may be wrong, or the day simulated. */

let heard = { serviceMs: Date.now(), localMs: Date.now(), speed: 1 };

export function setClock(serviceNow: string, speed?: number): void {
  heard = { serviceMs: Date.parse(serviceNow), localMs: Date.now(), speed: speed ?? heard.speed };
  tick();
}

export function serviceNowMs(): number {
  return heard.serviceMs + (Date.now() - heard.localMs) * heard.speed;
}

/**
 * The service's clock, for showing. `nowMs` moves once a second; `minuteMs` once a minute, for
 * whatever there is much of.
 */
export const clock = $state({ nowMs: serviceNowMs(), minuteMs: 0 });

function tick(): void {
  clock.nowMs = serviceNowMs();
  clock.minuteMs = Math.floor(clock.nowMs / 60_000) * 60_000;
}

export function runClock(): () => void {
  const timer = setInterval(tick, 1_000);
  tick();
  return () => clearInterval(timer);
}
