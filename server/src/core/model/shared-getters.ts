/**
 * Properties that are worked out when somebody looks at them, and are like all others to whoever copies, compares or sends the object.
 * All objects share the getters. One that is made for an object becomes part of that object's shape, and V8 keeps shapes, with all that
 * their getters can see, until it collects the whole heap: while somebody types, that would be every version of the text.
 */

/** What makes each property of what the object was given as its state. */
type Properties<State, P> = { readonly [K in keyof P]: (state: State) => P[K] };

/** A function that adds the properties to an object. To be called once for all objects of a kind. */
export function sharedGetters<State, P extends object>(properties: Properties<State, P>) {
  const STATE = Symbol("state of shared getters");
  const getters: PropertyDescriptorMap = {};
  for (const [name, make] of Object.entries(properties) as [string, (state: State) => unknown][])
    getters[name] = {
      enumerable: true,
      get(this: { readonly [STATE]: State }) {
        return make(this[STATE]);
      },
    };
  return <T extends object>(object: T, state: State): T & Readonly<P> => {
    Object.defineProperty(object, STATE, { value: state });
    return Object.defineProperties(object, getters) as T & Readonly<P>;
  };
}
