/** What is made of an object once, and recalled for as long as the object is there. */
export function onceFor<K extends object, V extends object>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>();
  return (key) => {
    const recalled = made.get(key);
    if (recalled) return recalled;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
