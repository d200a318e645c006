import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { CameraDialog } from './camera-dialog.js';
import { Icon, type IconName } from './icon.js';
import { STRINGS } from './strings.js';

export interface PictureButtonsProps {
  readonly onPictures: (files: readonly File[]) => void;
  /** Large buttons with their names beside them. Default false. */
  readonly named?: boolean;
}

/** Pictures from files and from the camera. */
export function PictureButtons({ onPictures, named = false }: PictureButtonsProps): VNode {
  const picker = useRef<HTMLInputElement>(null);
  const phoneCamera = useRef<HTMLInputElement>(null);
  const [shooting, setShooting] = useState(false);
  const shoot = (): void => {
    // Phones have a better camera program than this page.
    if (matchMedia('(hover: none)').matches) phoneCamera.current?.click();
    else setShooting(true);
  };
  const button = (icon: IconName, name: string, onClick: () => void): VNode => (
    <button
      type="button"
      class={named ? 'button' : `icon-button ${icon}-button`}
      aria-label={name}
      title={name}
      onClick={onClick}
    >
      <Icon name={icon} />
      {named && <span>{name}</span>}
    </button>
  );
  const taken = ({ currentTarget }: { readonly currentTarget: HTMLInputElement }): void => {
    const files = [...(currentTarget.files ?? [])];
    // Emptied, so that choosing the same file again counts as a choice.
    currentTarget.value = '';
    if (files.length > 0) onPictures(files);
  };
  return (
    <>
      {button('picture', STRINGS.choosePicture, () => picker.current?.click())}
      {button('camera', STRINGS.useCamera, shoot)}
      <input
        ref={picker}
        type="file"
        accept="image/*"
        multiple
        hidden
        data-testid="picture-input"
        onChange={taken}
      />
      <input ref={phoneCamera} type="file" accept="image/*" capture="environment" hidden onChange={taken} />
      {shooting && (
        <CameraDialog onPicture={(file) => onPictures([file])} onClose={() => setShooting(false)} />
      )}
    </>
  );
}
