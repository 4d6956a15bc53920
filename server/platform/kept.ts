/** `make`, asked once for each object; what it has made goes with that object. What is given beside it must always be the same. */
export function keptFor<Key extends object, Given extends unknown[], Value>(make: (key: Key, ...given: Given) => Value): (key: Key, ...given: Given) => Value {
  const kept = new WeakMap<Key, { readonly value: Value }>();
  return (key, ...given) => {
    const found = kept.get(key) ?? { value: make(key, ...given) };
    kept.set(key, found);
    return found.value;
  };
}

/** The same for the few texts there are of a kind: currencies, languages. Never for what visitors type. */
export function keptBy<Value>(make: (key: string) => Value): (key: string) => Value {
  const kept = new Map<string, { readonly value: Value }>();
  return (key) => {
    const found = kept.get(key) ?? { value: make(key) };
    kept.set(key, found);
    return found.value;
  };
}

/** The same for texts and figures without number, of which the same few thousand come again and again. What is given beside them makes no difference. */
export function keptForMany<Key extends string | number, Given extends unknown[], Value>(make: (key: Key, ...given: Given) => Value, most = 5000): (key: Key, ...given: Given) => Value {
  const kept = new Map<Key, Value>();
  return (key, ...given) => {
    let value = kept.get(key);
    if (value === undefined) {
      if (kept.size >= most) kept.clear();
      kept.set(key, (value = make(key, ...given)));
    }
    return value;
  };
}
