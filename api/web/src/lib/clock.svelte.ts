/** The service's clock between its frames: the device's own clock may be wrong, or the day simulated. */

let heard = { serviceMs: Date.now(), localMs: Date.now(), speed: 1 };

export function setClock(serviceNow: string, speed?: number): void {
  heard = { serviceMs: Date.parse(serviceNow), localMs: Date.now(), speed: speed ?? heard.speed };
  clock.nowMs = serviceNowMs();
}

export function serviceNowMs(): number {
  return heard.serviceMs + (Date.now() - heard.localMs) * heard.speed;
}

/** The service's clock, for showing; moves once a second. */
export const clock = $state({ nowMs: serviceNowMs() });

export function runClock(): () => void {
  const timer = setInterval(() => (clock.nowMs = serviceNowMs()), 1_000);
  clock.nowMs = serviceNowMs();
  return () => clearInterval(timer);
}
