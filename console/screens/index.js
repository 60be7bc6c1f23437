/**
 * Every screen: its path, its name, which right it needs, and its module, which is loaded when somebody goes there. A screen's module exports
 * `Screen`, a component that is given the parts of its path (`:id`). docs/console.md says how to add one.
 */
import { matched } from "../model/router.js";
import { t } from "../model/text.js";

export const SCREENS = [
  { path: "/", name: () => t("Today"), right: "read", load: () => import("./today.js"), rail: true, keys: "g t" },
  { path: "/segments", name: () => t("Segments"), right: "read", load: () => import("./segments.js"), rail: true, keys: "g s" },
  { path: "/segments/new", name: () => t("New segment"), right: "write", load: () => import("./segment.js") },
  { path: "/segments/:id", name: () => t("Segment"), right: "read", load: () => import("./segment.js") },
  { path: "/campaigns", name: () => t("Campaigns"), right: "read", load: () => import("./campaigns.js"), rail: true, keys: "g c" },
  { path: "/campaigns/new", name: () => t("New campaign"), right: "write", load: () => import("./campaign.js") },
  { path: "/campaigns/:id", name: () => t("Campaign"), right: "read", load: () => import("./campaign.js") },
  { path: "/journeys", name: () => t("Journeys"), right: "read", load: () => import("./journeys.js"), rail: true, keys: "g j" },
  { path: "/journeys/new", name: () => t("New journey"), right: "write", load: () => import("./journey.js") },
  { path: "/journeys/:id", name: () => t("Journey"), right: "read", load: () => import("./journey.js") },
  { path: "/people", name: () => t("People"), right: "read", load: () => import("./people.js"), rail: true, keys: "g p" },
  { path: "/people/:id", name: () => t("Person"), right: "read", load: () => import("./person.js") },
  { path: "/runs", name: () => t("Runs"), right: "read", load: () => import("./runs.js"), rail: true, keys: "g r" },
  { path: "/runs/:id", name: () => t("Run"), right: "read", load: () => import("./run.js") },
  { path: "/runs/:id/effect", name: () => t("What it changed"), right: "read", load: () => import("./effect.js") },
  { path: "/quality", name: () => t("Data quality"), right: "read", load: () => import("./quality.js"), rail: true, keys: "g q" },
  { path: "/quarantine", name: () => t("Quarantine"), right: "read", load: () => import("./quarantine.js"), rail: true, keys: "g u" },
  { path: "/quarantine/group", name: () => t("Refused events"), right: "read", load: () => import("./refused.js") },
  { path: "/operate", name: () => t("Operate"), right: "read", load: () => import("./operate.js"), rail: true, keys: "g o" },
  { path: "/sql", name: () => t("SQL"), right: "query", load: () => import("./sql.js"), rail: true, keys: "g l" },
  { path: "/sources", name: () => t("Sources"), right: "read", load: () => import("./sources.js"), rail: true, keys: "g w", isMinor: true },
  { path: "/settings", name: () => t("Settings"), right: "read", load: () => import("./settings.js"), rail: true, keys: "g e", isMinor: true },
];

/** The tabs of a segment besides its rule's. */
export const loadTabs = () => import("./segment/tabs.js");

/** The screen of a path, with the parts of it: `{ screen, parts }`; null where there is none (yet), and then no link leads there. */
export function screenOf(path) {
  for (const screen of SCREENS) {
    const parts = matched(screen.path, path);
    if (parts) return { screen, parts };
  }
  return null;
}
