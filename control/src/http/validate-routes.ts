import { validationAnswer } from '../pipeline/answer-schemas.ts';
import type { Service } from '../pipeline/service.ts';
import { checkSpec } from '../pipeline.ts';
import type { Api } from './api-instance.ts';
import { problems } from './problem-schema.ts';
import { readSpecText, specBodyLimit } from './read-spec-body.ts';

/** Lint over HTTP: nothing is kept. */
export function validateRoutes(app: Api, service: Service): void {
  app.post('/api/v1/validate', validateOptions, async (request) => {
    const { findings } = checkSpec(service.config, readSpecText(request.body));
    return {
      error_count: findings.filter(({ level }) => level === 'error').length,
      findings: [...findings],
    };
  });
}

const validateOptions = {
  bodyLimit: specBodyLimit,
  schema: {
    tags: ['specs'],
    summary: 'Lint a spec without keeping it',
    consumes: ['application/yaml', 'application/json'],
    response: { 200: validationAnswer, ...problems },
  },
};
