/** A line of a function's log as a person reads it: `{ level, text }`. Lines are JSON of ours, metrics in CloudWatch's embedded format, or the platform's own. */
import { parse } from "./numbers.js";

const SAID = new Set(["level", "message", "timestamp", "service", "location", "exception", "stack_trace"]);

export function lineOf(message) {
  const line = parsed(message);
  if (!line) return { level: "", text: message.trimEnd() };
  if (line._aws) return { level: "", text: line._aws.CloudWatchMetrics.flatMap((each) => each.Metrics.map(({ Name }) => `${Name} ${line[Name]}`)).join(", ") };
  const rest = Object.entries(line).filter(([name, value]) => !SAID.has(name) && value !== null && value !== "");
  const told = rest.map(([name, value]) => `${name}=${typeof value === "object" ? JSON.stringify(value) : value}`);
  return { level: line.level ?? "", text: [line.message, ...told, line.exception].filter(Boolean).join(" ") };
}

/** What Lambda itself says is no more than that a call began and ended. */
export const isOurs = ({ message }) => !/^(START|END|REPORT|INIT_START)\b/.test(message);
export const isTrouble = ({ level }) => level === "ERROR" || level === "WARNING" || level === "CRITICAL";

function parsed(message) {
  try {
    const line = parse(message);
    return line && typeof line === "object" && !Array.isArray(line) ? line : null;
  } catch {
    return null;
  }
}
