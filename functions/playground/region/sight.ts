/**
 * Whether a part of the page can be seen, and is prepared: that is done when it is seen first, as its requests would be
 * for nothing where nobody scrolls to it. Calls whenever it comes into sight.
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
