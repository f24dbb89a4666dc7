/** What is shown, as plain values: drawn by the page, read by the test. */
export interface Leaf { tag: string; attributes: Record<string, string>; children: Tree[] }
export type Tree = Leaf | string

type Child = Tree | null | undefined | false | readonly Child[]

/** `el('p', 'note bad', …)`; what is not there is left out. */
export function el(tag: string, names: string | Record<string, string>, ...children: Child[]): Leaf {
  const attributes = typeof names === 'string' ? (names ? { class: names } : {}) : names
  return { tag, attributes: attributes as Record<string, string>, children: flat(children) }
}

const flat = (children: readonly Child[]): Tree[] =>
  children.reduce<Tree[]>((all, one) => all.concat(Array.isArray(one) ? flat(one as Child[]) : one ? [one as Tree] : []), [])

/** Only text nodes: nothing of a record is ever read as markup. */
export function drawn(tree: Tree): Node {
  if (typeof tree === 'string') return document.createTextNode(tree)
  const node = document.createElement(tree.tag)
  for (const name of Object.keys(tree.attributes)) node.setAttribute(name, tree.attributes[name]!)
  for (const child of tree.children) node.appendChild(drawn(child))
  return node
}

export const textOf = (tree: Tree): string => (typeof tree === 'string' ? tree : tree.children.map(textOf).join(''))
