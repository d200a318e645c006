import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icon.js';
import { STRINGS } from './strings.js';

const QUALITY = 0.92;

export interface CameraDialogProps {
  readonly onPicture: (file: File) => void;
  readonly onClose: () => void;
}

/** Looks through the machine's camera until a picture is taken; the camera is let go with the dialog. */
export function CameraDialog({ onPicture, onClose }: CameraDialogProps): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const finder = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<'opening' | 'ready' | 'refused'>('opening');

  useLayoutEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    let stream: MediaStream | undefined;
    let gone = false;
    const release = (): void => stream?.getTracks().forEach((track) => track.stop());
    // Undefined where the page is not on this machine and not encrypted.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    const asked = devices?.getUserMedia({ video: { facingMode: 'environment' } });
    (asked ?? Promise.reject(new Error('no camera'))).then(
      (given) => {
        stream = given;
        if (gone) release();
        else if (finder.current) finder.current.srcObject = given;
      },
      () => setState('refused'),
    );
    return () => {
      gone = true;
      release();
    };
  }, []);

  const shoot = (): void => {
    const video = finder.current;
    if (!video) return;
    const canvas = document.createElement('canvas');
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext('2d')?.drawImage(video, 0, 0);
    canvas.toBlob(
      (blob) => {
        dialog.current?.close();
        if (blob) onPicture(new File([blob], STRINGS.cameraFile, { type: blob.type }));
      },
      'image/jpeg',
      QUALITY,
    );
  };

  return (
    <dialog ref={dialog} class="camera" aria-label={STRINGS.useCamera} onClose={onClose}>
      {state === 'refused' ? (
        <p class="camera-refused" role="alert">
          {STRINGS.cameraRefused}
        </p>
      ) : (
        <video
          ref={finder}
          class="camera-finder"
          autoplay
          muted
          playsInline
          aria-label={STRINGS.cameraFinder}
          onLoadedData={() => setState('ready')}
        />
      )}
      <div class="camera-foot">
        <button type="button" class="button" onClick={() => dialog.current?.close()}>
          {STRINGS.close}
        </button>
        {state !== 'refused' && (
          <button type="button" class="button button-strong" disabled={state !== 'ready'} onClick={shoot}>
            <Icon name="camera" />
            {STRINGS.takePicture}
          </button>
        )}
      </div>
    </dialog>
  );
}
