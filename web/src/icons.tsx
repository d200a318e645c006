/** Line icons on a 24-unit grid; they take the colour and, through CSS, the size of the text around them. */
import type { ComponentChildren, VNode } from 'preact';

function Icon({ name, children }: { readonly name: string; readonly children: ComponentChildren }): VNode {
  return (
    <svg
      class={`icon icon-${name}`}
      viewBox="0 0 24 24"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export function SearchIcon(): VNode {
  return (
    <Icon name="search">
      <circle cx="11" cy="11" r="6.5" />
      <path d="m16 16 4.5 4.5" />
    </Icon>
  );
}

export function CrossIcon(): VNode {
  return (
    <Icon name="cross">
      <path d="m6.5 6.5 11 11m0-11-11 11" />
    </Icon>
  );
}

export function PictureIcon(): VNode {
  return (
    <Icon name="picture">
      <rect x="3.5" y="5" width="17" height="14" rx="3" />
      <circle cx="8.75" cy="9.75" r="1.5" />
      <path d="m4 16.5 4.3-3.6a1.5 1.5 0 0 1 1.9 0l2.3 1.9 2.8-2.8a1.5 1.5 0 0 1 2.1 0l3.1 3.1" />
    </Icon>
  );
}

export function SparkIcon(): VNode {
  return (
    <Icon name="spark">
      <path d="M11 4.5c.6 4.6 1.9 5.9 6.5 6.5-4.6.6-5.9 1.9-6.5 6.5-.6-4.6-1.9-5.9-6.5-6.5 4.6-.6 5.9-1.9 6.5-6.5Z" />
      <path d="M18.5 16v4m-2-2h4" />
    </Icon>
  );
}

export function ArrowIcon(): VNode {
  return (
    <Icon name="arrow">
      <path d="m9.5 5.5 6.5 6.5-6.5 6.5" />
    </Icon>
  );
}

export function OpenIcon(): VNode {
  return (
    <Icon name="open">
      <path d="M13.5 4.5h6v6m0-6-8.5 8.5M18 14v3.5a2 2 0 0 1-2 2H6.5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2H10" />
    </Icon>
  );
}

export function InfoIcon(): VNode {
  return (
    <Icon name="info">
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 11.5v5m0-8.5v.01" />
    </Icon>
  );
}

export function LibraryIcon(): VNode {
  return (
    <Icon name="library">
      <rect x="3.5" y="4" width="7" height="7" rx="2" />
      <rect x="13.5" y="4" width="7" height="7" rx="2" />
      <rect x="3.5" y="14" width="7" height="6" rx="2" />
      <rect x="13.5" y="14" width="7" height="6" rx="2" />
    </Icon>
  );
}
