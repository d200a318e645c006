/** The checkpoints of BEiT-3 that Microsoft published, what was published about each, and what can be done with it here. */

export const PUBLISHED_ADDRESS = 'https://github.com/addf400/files/releases/download/beit3/';

export interface PublishedFile {
  readonly file: string;
  /** As a third party reported it; absent where nobody did. */
  readonly sha256?: string;
}

/** One word a thing that the graphs of an imported checkpoint do. Only `search` is something a library can use. */
export type Ability = 'search' | 'caption' | 'answer' | 'compare' | 'classify' | 'fill in';

export interface PublishedCheckpoint extends PublishedFile {
  /** What `models pull` takes: the file without its ending. */
  readonly name: string;
  readonly task: string;
  readonly size: 'base' | 'large';
  /** Side of the pictures it was trained with, in pixels. */
  readonly imageSize: number;
  /** What was published with it; empty where that was nothing. */
  readonly figure: string;
  readonly ability: Ability;
}

/** The one tokenizer of them all. */
export const PUBLISHED_TOKENIZER: PublishedFile = {
  file: 'beit3.spm',
  sha256: '6f5e2fefcf793761a76a6bfb8ad35489f9c203b25557673284b6d032f41043f4',
};

const REPORTED_CHECKSUMS: Readonly<Record<string, string>> = {
  beit3_base_patch16_384_coco_retrieval: 'df39666a88508ccd356567616582bc62cd56fa86ad6a8f8e50471b35217c8629',
};

type Row = readonly [name: string, task: string, ability: Ability, figure: string];

const ROWS: readonly Row[] = [
  ['beit3_base_patch16_384_coco_retrieval', 'retrieval, COCO', 'search', 'COCO IR@1 61.4, TR@1 79.1'],
  ['beit3_large_patch16_384_coco_retrieval', 'retrieval, COCO', 'search', 'COCO IR@1 63.4, TR@1 82.1'],
  [
    'beit3_base_patch16_384_f30k_retrieval',
    'retrieval, Flickr30k',
    'search',
    'Flickr30k IR@1 86.2, TR@1 96.3',
  ],
  [
    'beit3_large_patch16_384_f30k_retrieval',
    'retrieval, Flickr30k',
    'search',
    'Flickr30k IR@1 88.1, TR@1 97.2',
  ],
  ['beit3_base_itc_patch16_224', 'pretrained, image-text contrast', 'search', ''],
  ['beit3_large_itc_patch16_224', 'pretrained, image-text contrast', 'search', ''],
  ['beit3_base_patch16_480_coco_captioning', 'captioning, COCO', 'caption', 'COCO CIDEr 133.6'],
  ['beit3_base_indomain_patch16_480_coco_captioning', 'captioning, COCO', 'caption', 'COCO CIDEr 135.0'],
  ['beit3_large_patch16_480_coco_captioning', 'captioning, COCO', 'caption', 'COCO CIDEr 143.2'],
  ['beit3_base_patch16_480_nocaps', 'captioning, NoCaps', 'caption', 'NoCaps val CIDEr 104.4'],
  ['beit3_base_indomain_patch16_480_nocaps', 'captioning, NoCaps', 'caption', 'NoCaps val CIDEr 105.6'],
  ['beit3_large_patch16_480_nocaps', 'captioning, NoCaps', 'caption', 'NoCaps val CIDEr 120.2'],
  ['beit3_base_patch16_480_vqa', 'answering, VQAv2', 'answer', 'VQAv2 test-dev 77.65'],
  ['beit3_base_indomain_patch16_480_vqa', 'answering, VQAv2', 'answer', 'VQAv2 test-dev 78.46'],
  ['beit3_large_patch16_480_vqa', 'answering, VQAv2', 'answer', 'VQAv2 test-dev 81.85'],
  ['beit3_large_indomain_patch16_480_vqa', 'answering, VQAv2', 'answer', 'VQAv2 test-dev 82.53'],
  [
    'beit3_large_indomain_patch16_768_vgqaaug_vqa',
    'answering, VQAv2',
    'answer',
    'VQAv2 test-dev 82.97, test-std 83.03',
  ],
  ['beit3_base_patch16_224_nlvr2', 'two pictures, NLVR2', 'compare', 'NLVR2 dev 83.6, test-P 84.4'],
  ['beit3_base_indomain_patch16_224_nlvr2', 'two pictures, NLVR2', 'compare', 'NLVR2 dev 84.6, test-P 85.3'],
  ['beit3_large_patch16_224_nlvr2', 'two pictures, NLVR2', 'compare', 'NLVR2 dev 88.5, test-P 89.4'],
  ['beit3_large_indomain_patch16_224_nlvr2', 'two pictures, NLVR2', 'compare', 'NLVR2 dev 89.2, test-P 90.0'],
  ['beit3_base_patch16_224_in1k', 'classes, ImageNet', 'classify', 'ImageNet top-1 85.4, top-5 97.6'],
  [
    'beit3_base_indomain_patch16_224_in1k',
    'classes, ImageNet',
    'classify',
    'ImageNet top-1 85.4, top-5 97.6',
  ],
  ['beit3_large_patch16_224_in1k', 'classes, ImageNet', 'classify', 'ImageNet top-1 87.6, top-5 98.3'],
  [
    'beit3_large_indomain_patch16_224_in1k',
    'classes, ImageNet',
    'classify',
    'ImageNet top-1 87.5, top-5 98.3',
  ],
  ['beit3_base_patch16_224', 'pretrained', 'fill in', ''],
  ['beit3_large_patch16_224', 'pretrained', 'fill in', ''],
  ['beit3_base_indomain_patch16_224', 'pretrained, in-domain', 'fill in', ''],
  ['beit3_large_indomain_patch16_224', 'pretrained, in-domain', 'fill in', ''],
];

export const PUBLISHED_CHECKPOINTS: readonly PublishedCheckpoint[] = ROWS.map(
  ([name, task, ability, figure]) => {
    const [, imageSize = ''] = /patch16_(\d+)/.exec(name) ?? [];
    const sha256 = REPORTED_CHECKSUMS[name];
    return {
      name,
      file: `${name}.pth`,
      task,
      size: name.startsWith('beit3_large') ? 'large' : 'base',
      imageSize: Number(imageSize),
      figure,
      ability,
      ...(sha256 !== undefined && { sha256 }),
    };
  },
);
