import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

const plain = (stream: NodeJS.WriteStream): boolean => !stream.isTTY || Boolean(process.env['NO_COLOR']);

export function styled(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return plain(stream) ? text : styleText(style, text);
}
