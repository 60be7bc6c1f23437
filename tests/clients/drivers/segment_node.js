// @segment/analytics-node: `segment_node.js HOST KEY NAME EVENTS plain`. Fails if the client gave up an event.
const { Analytics } = require("@segment/analytics-node");
const { send } = require("./calls");

const [host, writeKey, name, events] = process.argv.slice(2);
const client = new Analytics({ writeKey, host, maxEventsInBatch: 6 });
client.on("error", (error) => {
  console.error("gave up:", error);
  process.exitCode = 1;
});
send(client, name, Number(events));
client.closeAndFlush();
