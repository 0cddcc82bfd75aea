/**
 * Prepares a part of the page when it is first seen, because its requests would be wasted if nobody scrolls to it.
 * Calls `onSight` whenever the prepared part comes into sight. Returns whether it is prepared and in sight.
 */
export function createSight(part: Element, prepare: () => Promise<void>, onSight: () => void): () => boolean {
  let isSeen = false;
  let isStarted = false;
  let isReady = false;
  const start = async () => {
    isStarted = true;
    await prepare();
    isReady = true;
    onSight();
  };
  new IntersectionObserver(([entry]) => {
    isSeen = entry?.isIntersecting === true;
    if (isSeen && !isStarted) void start();
    if (isSeen && isReady) onSight();
  }).observe(part);
  return () => isSeen && isReady;
}
