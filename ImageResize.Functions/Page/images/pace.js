// Limits how often work runs.

/**
 * Wraps work that must not run twice at the same time, nor more often than given.
 * @param {() => Promise<void>} work
 * @param {number} [seconds]
 */
export function once(work, seconds = 0) {
  let isRunning = false;
  let last = -Infinity;
  return () => {
    if (!isRunning && performance.now() - last >= seconds * 1000) {
      isRunning = true;
      void work().finally(() => {
        isRunning = false;
        last = performance.now();
      });
    }
  };
}
