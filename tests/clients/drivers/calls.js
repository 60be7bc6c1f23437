// The calls that each Node driver makes. Segment's and Rudder's libraries have the same six.

// Sends so many calls, each kind in its turn, about a person of this name.
exports.send = (client, userId, events) => {
  for (let number = 0; number < events; number++) {
    const carried = { number };
    [
      () => client.identify({ userId, traits: carried }),
      () => client.track({ userId, event: "Driven", properties: carried }),
      () => client.page({ userId, category: "category", name: "page", properties: carried }),
      () => client.screen({ userId, category: "category", name: "screen", properties: carried }),
      () => client.group({ userId, groupId: "group", traits: carried }),
      () => client.alias({ userId, previousId: `${userId}-${number}` }),
    ][number % 6]();
  }
};
