import * as v from 'valibot'
import { HttpError, unprocessable, type Complaint, type Request } from './http.ts'

/** The body of a request as a schema reads it; an absent body counts as `{}`. Throws 422 with every complaint. */
export function parsed<S extends v.GenericSchema>(schema: S, request: Request): v.InferOutput<S> {
  const body = request.json()
  const result = v.safeParse(schema, body === undefined ? {} : body)
  if (result.success) return result.output
  throw new HttpError(
    unprocessable(
      result.issues.map((issue) => ({
        type: issue.type,
        loc: ['body', ...(issue.path?.map((item) => item.key as string | number) ?? [])],
        msg: issue.message,
      })),
    ),
  )
}

/** A 422 for one field that no schema can judge, because it depends on what else there is. */
export const invalid = (name: string, msg: string) => new HttpError(unprocessable([complaint(name, msg)]))

export const complaint = (name: string, msg: string): Complaint => ({
  type: 'value_error',
  loc: ['body', name],
  msg,
})
