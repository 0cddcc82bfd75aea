/** Computes a value once per object, and keeps it as long as the object exists. */
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
