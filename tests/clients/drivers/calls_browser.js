// The calls that each page makes. `call` hands a call to the library, loaded or not.

const asked = Object.fromEntries(new URLSearchParams(location.search));

// Makes one call every few milliseconds, each kind in its turn, about a person of the name asked for, and resolves after the last.
async function send(call, kinds) {
  for (let number = 0; number < Number(asked.events); number++) {
    const kind = kinds[number % kinds.length];
    call(kind, ...argumentsOf(kind, number));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function argumentsOf(kind, number) {
  const carried = { number };
  switch (kind) {
    case "identify":
      return [asked.name, carried];
    case "track":
      return ["Driven", carried];
    case "page":
    case "screen":
      return ["category", kind, carried];
    case "group":
      return ["group", carried];
    case "alias":
      return [asked.name, `${asked.name}-${number}`];
  }
}
