/** What the classes of a question-answering head stand for. The checkpoint does not say; the list comes as a file. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { pathError, SightlineError } from '../core/errors.js';

const line: z.ZodType<{ answer: string; label: number }> = z.looseObject({
  answer: z.string(),
  label: z.int().nonnegative(),
});

function invalid(path: string, reason: string): SightlineError {
  const message = `Expected ${path} to hold the answers of the model, one a line in the order of its classes, or lines of {"answer", "label"}; ${reason}.`;
  return new SightlineError('ERR_CONFIG_INVALID', message, { details: { path } });
}

function labelled(path: string, lines: readonly string[]): string[] {
  const answers: string[] = [];
  for (const [index, text] of lines.entries()) {
    let parsed: ReturnType<typeof line.safeParse>;
    try {
      parsed = line.safeParse(JSON.parse(text));
    } catch {
      throw invalid(path, `line ${index + 1} is not JSON`);
    }
    if (!parsed.success) throw invalid(path, `line ${index + 1} has no answer and label`);
    answers[parsed.data.label] = parsed.data.answer;
  }
  return Array.from(answers, (answer) => answer ?? '');
}

/** @throws ERR_CONFIG_INVALID where the file does not name every class once, ERR_PATH_NOT_FOUND, ERR_PATH_UNREADABLE */
export async function readAnswers(path: string, classes: number): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw pathError(error, path, 'ERR_CONFIG_INVALID');
  });
  const lines = text.split(/\r?\n/).filter((one) => one.trim() !== '');
  const answers = lines[0]?.trimStart().startsWith('{') ? labelled(path, lines) : lines;
  const named = answers.filter((answer) => answer !== '').length;
  if (named === classes && answers.length === classes) return answers;
  throw invalid(path, `it names ${named} classes and the model has ${classes}`);
}
