// Reads the Prometheus text format of /metrics: ages, percentiles of times, and failures by reason, of one process.

/**
 * @typedef {{ name: string, labels: Record<string, string>, value: number }} Sample
 * @typedef {{ step: string, count: number, p50: number, p95: number, p99: number }} Times
 */

/** Histograms that are shown, and what they measure. @type {[string, string][]} */
const steps = [
  ["imageresize_job_duration_seconds", "Job, from submission to result"],
  ["imageresize_queue_wait_duration_seconds", "Message in the queue"],
  ["imageresize_source_read_duration_seconds", "Reading a source"],
  ["imageresize_image_decode_duration_seconds", "Decoding"],
  ["imageresize_image_encode_duration_seconds", "Encoding"],
  ["imageresize_thumbnail_store_duration_seconds", "Storing a thumbnail"],
  ["imageresize_storage_request_duration_seconds", "Request to storage"],
];

/**
 * @param {string} text
 * @returns {Sample[]}
 */
export function parseMetrics(text) {
  const samples = [];
  for (const line of text.split("\n")) {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line);
    if (match) {
      const labels = Object.fromEntries([...(match[2] ?? "").matchAll(/([\w.]+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [name, value]));
      samples.push({ name: match[1], labels, value: Number(match[3].replace("Inf", "Infinity")) });
    }
  }
  return samples;
}

/** The age of the oldest message in seconds, or null if it is not known. @param {Sample[]} samples */
export function oldestMessage(samples) {
  const ages = samples.filter(({ name }) => name.startsWith("imageresize_queue_oldest_message_age")).map(({ value }) => value);
  return ages.length > 0 ? Math.max(...ages) : null;
}

/** Failed jobs by reason, the most frequent first. @param {Sample[]} samples @returns {[string, number][]} */
export function failures(samples) {
  /** @type {Map<string, number>} */
  const totals = new Map();
  for (const { name, labels, value } of samples) {
    const reason = labels.error_type ?? "";
    if (name === "imageresize_jobs_finished_total" && reason && value > 0) {
      totals.set(reason, (totals.get(reason) ?? 0) + value);
    }
  }
  return [...totals].sort((a, b) => b[1] - a[1]);
}

/** @param {Sample[]} samples @returns {Times[]} */
export function times(samples) {
  return steps.flatMap(([name, step]) => {
    /** Cumulative counts by upper bound, of all labels together. @type {Map<number, number>} */
    const buckets = new Map();
    for (const sample of samples) {
      if (sample.name === `${name}_bucket`) {
        const bound = Number((sample.labels.le ?? "").replace("+Inf", "Infinity"));
        buckets.set(bound, (buckets.get(bound) ?? 0) + sample.value);
      }
    }
    const sorted = [...buckets].sort((a, b) => a[0] - b[0]);
    const count = sorted.at(-1)?.[1] ?? 0;
    const at = (/** @type {number} */ share) => percentile(sorted, share * count);
    return count === 0 ? [] : [{ step, count, p50: at(0.5), p95: at(0.95), p99: at(0.99) }];
  });
}

/**
 * Interpolates within the bucket, as Prometheus does.
 * @param {[number, number][]} buckets
 * @param {number} rank
 */
function percentile(buckets, rank) {
  let [low, before] = [0, 0];
  for (const [bound, total] of buckets) {
    if (total >= rank) {
      return Number.isFinite(bound) && total > before ? low + ((bound - low) * (rank - before)) / (total - before) : low;
    }
    [low, before] = [bound, total];
  }
  return low;
}
