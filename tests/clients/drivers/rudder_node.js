// @rudderstack/rudder-sdk-node: `rudder_node.js HOST KEY NAME EVENTS gzip|plain`. A rejected flush, with which the client gives up, ends it as a failure.
const Analytics = require("@rudderstack/rudder-sdk-node");
const { send } = require("./calls");

const [dataPlaneUrl, writeKey, name, events, encoding] = process.argv.slice(2);
const client = new Analytics(writeKey, { dataPlaneUrl, gzip: encoding === "gzip", flushAt: 6 });
send(client, name, Number(events));
client.flush();
