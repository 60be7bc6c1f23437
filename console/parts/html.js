/** The one place that names the vendored file, whose name has its hash: Preact, its hooks and signals, and htm (vendor/LICENSES.txt). */
export * from "../vendor/preact-877c2a73402d.js";
