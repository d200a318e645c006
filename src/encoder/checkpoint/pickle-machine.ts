/**
 * A machine for the pickles that torch.save writes, and for no others.
 *
 * It follows Python's stack machine opcode by opcode, except where Python would run something: a class is looked up in the
 * caller's list, and calling it, building it or filling it only moves data about. Opcodes that torch.save does not write are
 * refused.
 *
 * The bytes may come from anyone, so no number in them is believed: a length is compared with what is left before anything
 * is cut or allocated, memo positions cannot exceed the size of the pickle, and the opcodes, the objects, the stack, the
 * memo, the nesting and the width of integers have limits far above what a checkpoint needs. Values refer to one another and
 * are never copied or walked, so a pickle that contains itself, or doubles itself over and over, costs no more than its
 * opcodes. Nor are numbers hashed, which V8 does without a secret: whoever knows how could make every look-up long.
 */
import { malformed } from './checkpoint-fault.js';
import { OP } from './pickle-opcodes.js';
import { PickleReader } from './pickle-reader.js';
import { InertObject, OtherKey, PickleClass, type PickleValue } from './pickle-values.js';

/** What a name and a persistent id mean. Both throw a CheckpointFault for what they do not allow. */
export interface PickleWorld {
  findClass(module: string, name: string): PickleClass;
  findPersistent(id: PickleValue): PickleValue;
}

/** A tensor takes some 40 opcodes, and a large model with its optimizer some 200,000. */
const MAX_STEPS = 1 << 21;
/** Times that anything but a number, a text or a constant is pushed: for a tensor some 12. */
const MAX_OBJECTS = 1 << 19;
const MAX_STACK = 1 << 20;
const MAX_NESTING = 1000;
const MAX_MEMO = 1 << 20;

/** Reads the pickles that lie one behind the other in `bytes`. The limits hold for all of them together. */
export class PickleMachine {
  readonly #reader: PickleReader;
  readonly #world: PickleWorld;
  /** By position; dense, since positions that were left out are filled up. */
  #memo: (PickleValue | undefined)[] = [];
  /** Stacks that wait below a mark. */
  #below: PickleValue[][] = [];
  #stack: PickleValue[] = [];
  #steps = 0;
  #objects = 0;

  constructor(bytes: Uint8Array, world: PickleWorld) {
    this.#reader = new PickleReader(bytes);
    this.#world = world;
  }

  /** Where the bytes behind the last pickle start. */
  get position(): number {
    return this.#reader.position;
  }

  /**
   * Reads one pickle.
   *
   * @throws CheckpointFault
   */
  next(): PickleValue {
    this.#memo = [];
    this.#below = [];
    this.#stack = [];
    for (;;) {
      const opcode = this.#reader.uint(1);
      if (opcode === OP.STOP) return this.#pop();
      this.#steps += 1;
      if (this.#steps > MAX_STEPS) throw malformed('its pickle has more opcodes than any checkpoint');
      this.#step(opcode);
      if (this.#stack.length > MAX_STACK)
        throw malformed('its pickle piles up more values than any checkpoint');
    }
  }

  #step(opcode: number): void {
    const reader = this.#reader;
    switch (opcode) {
      case OP.PROTO:
        return this.#checkProtocol(reader.uint(1));
      case OP.FRAME:
        return reader.checkLeft(reader.length(8));
      case OP.MARK:
        return this.#mark();
      case OP.POP:
        return void this.#pop();
      case OP.POP_MARK:
        return void this.#sinceMark();
      case OP.DUP:
        return this.#push(this.#top());

      case OP.NONE:
        return this.#push(null);
      case OP.NEWTRUE:
        return this.#push(true);
      case OP.NEWFALSE:
        return this.#push(false);
      case OP.BININT:
        return this.#push(reader.int32());
      case OP.BININT1:
        return this.#push(reader.uint(1));
      case OP.BININT2:
        return this.#push(reader.uint(2));
      case OP.LONG1:
        return this.#push(reader.integer(reader.length(1)));
      case OP.LONG4:
        return this.#push(reader.integer(reader.length(4)));
      case OP.BINFLOAT:
        return this.#push(reader.float64());

      case OP.SHORT_BINUNICODE:
      case OP.SHORT_BINSTRING:
        return this.#push(reader.text(reader.length(1)));
      case OP.BINUNICODE:
      case OP.BINSTRING:
        return this.#push(reader.text(reader.length(4)));
      case OP.BINUNICODE8:
        return this.#push(reader.text(reader.length(8)));
      case OP.SHORT_BINBYTES:
        return this.#push(reader.slice(reader.length(1)));
      case OP.BINBYTES:
        return this.#push(reader.slice(reader.length(4)));
      case OP.BINBYTES8:
        return this.#push(reader.slice(reader.length(8)));

      case OP.EMPTY_TUPLE:
      case OP.EMPTY_LIST:
        return this.#push([]);
      case OP.TUPLE1:
        return this.#push(this.#popMany(1));
      case OP.TUPLE2:
        return this.#push(this.#popMany(2));
      case OP.TUPLE3:
        return this.#push(this.#popMany(3));
      case OP.TUPLE:
      case OP.LIST:
        return this.#push(this.#sinceMark());
      case OP.EMPTY_DICT:
        return this.#push(new Map());
      case OP.DICT:
        return this.#push(setItems(new Map(), this.#sinceMark()));
      case OP.EMPTY_SET:
        return this.#push(new InertObject('builtins.set'));
      case OP.FROZENSET:
        this.#sinceMark();
        return this.#push(new InertObject('builtins.frozenset'));

      case OP.APPEND:
        return addItems(this.#popMany(1), this.#top());
      case OP.APPENDS:
      case OP.ADDITEMS:
        return addItems(this.#sinceMark(), this.#top());
      case OP.SETITEM:
        return void setItems(...this.#underItems(this.#popMany(2)));
      case OP.SETITEMS:
        return void setItems(...this.#underItems(this.#sinceMark()));

      case OP.BINPUT:
        return this.#remember(reader.uint(1));
      case OP.LONG_BINPUT:
        return this.#remember(reader.uint(4));
      case OP.MEMOIZE:
        return this.#remember(this.#memo.length);
      case OP.BINGET:
        return this.#push(this.#recall(reader.uint(1)));
      case OP.LONG_BINGET:
        return this.#push(this.#recall(reader.uint(4)));

      case OP.GLOBAL:
      case OP.INST:
        // INST goes on to call what it names; torch.save never writes it, and a name that is refused should be named.
        this.#push(this.#world.findClass(reader.line(), reader.line()));
        if (opcode === OP.GLOBAL) return;
        break;
      case OP.STACK_GLOBAL: {
        const [module, name] = this.#popMany(2);
        if (typeof module !== 'string' || typeof name !== 'string')
          throw malformed('its pickle names a class by something other than text');
        return this.#push(this.#world.findClass(module, name));
      }
      case OP.REDUCE:
      case OP.NEWOBJ:
        return this.#construct(this.#popMany(2));
      case OP.NEWOBJ_EX: {
        const [type, args] = this.#popMany(3);
        return this.#construct([type as PickleValue, args as PickleValue]);
      }
      case OP.BUILD:
        return this.#build();
      case OP.BINPERSID:
        return this.#push(this.#world.findPersistent(this.#pop()));
    }
    const hex = opcode.toString(16).padStart(2, '0');
    throw malformed(
      `its pickle uses the opcode 0x${hex} at byte ${reader.position - 1}, which torch.save does not write`,
    );
  }

  #checkProtocol(protocol: number): void {
    if (protocol < 2 || protocol > 4)
      throw malformed(`its pickle is of protocol ${protocol} and not 2, 3 or 4`);
  }

  /** The arguments decide nothing but the data that results: see torch-classes.ts. */
  #construct([type, args]: readonly PickleValue[]): void {
    if (!(type instanceof PickleClass) || !Array.isArray(args))
      throw malformed('its pickle calls something that is not a class');
    this.#push(type.construct(args));
  }

  /** Sets attributes, such as `_metadata` of a state_dict. Nothing here has attributes, so they are dropped. */
  #build(): void {
    this.#pop();
    const object = this.#top();
    if (!(object instanceof Map || object instanceof InertObject))
      throw malformed('its pickle sets attributes of something that has none');
  }

  #mark(): void {
    if (this.#below.length >= MAX_NESTING) throw malformed('its pickle is nested deeper than any checkpoint');
    this.#below.push(this.#stack);
    this.#stack = [];
  }

  #sinceMark(): PickleValue[] {
    const items = this.#stack;
    this.#stack = this.#below.pop() ?? underflow();
    return items;
  }

  #underItems(items: PickleValue[]): [PickleValue, PickleValue[]] {
    return [this.#top(), items];
  }

  #push(value: PickleValue): void {
    if (typeof value === 'object' && value !== null) {
      this.#objects += 1;
      if (this.#objects > MAX_OBJECTS) throw malformed('its pickle makes more objects than any checkpoint');
    }
    this.#stack.push(value);
  }

  #pop(): PickleValue {
    const value = this.#stack.pop();
    return value === undefined ? underflow() : value;
  }

  #popMany(count: number): PickleValue[] {
    if (this.#stack.length < count) underflow();
    return this.#stack.splice(-count);
  }

  #top(): PickleValue {
    const value = this.#stack.at(-1);
    return value === undefined ? underflow() : value;
  }

  #remember(index: number): void {
    // Each entry takes an opcode to make, so an index beyond the pickle's size is no index of this pickle.
    if (index >= this.#reader.size) throw malformed(`its pickle refers to memo ${index}, which cannot exist`);
    if (index >= MAX_MEMO) throw malformed('its pickle remembers more values than any checkpoint');
    while (this.#memo.length < index) this.#memo.push(undefined);
    this.#memo[index] = this.#top();
  }

  #recall(index: number): PickleValue {
    const value = this.#memo[index];
    if (value === undefined) throw malformed(`its pickle refers to memo ${index}, which was never set`);
    return value;
  }
}

function addItems(items: PickleValue[], target: PickleValue): void {
  if (target instanceof InertObject) return;
  if (!Array.isArray(target)) throw malformed('its pickle appends to something that is not a list');
  for (const item of items) target.push(item);
}

/** `items` are keys and values in turn. */
function setItems(target: PickleValue, items: PickleValue[]): PickleValue {
  if (target instanceof InertObject) return target;
  if (!(target instanceof Map) || items.length % 2 !== 0)
    throw malformed('its pickle sets items of something that is not a dictionary');
  for (let i = 0; i < items.length; i += 2)
    target.set(dictionaryKey(items[i] as PickleValue), items[i + 1] as PickleValue);
  return target;
}

function dictionaryKey(key: PickleValue): string | OtherKey {
  if (typeof key === 'string') return key;
  return new OtherKey(typeof key === 'number' ? String(key) : '(a key that is not text)');
}

function underflow(): never {
  throw malformed('its pickle takes more values than it made');
}
