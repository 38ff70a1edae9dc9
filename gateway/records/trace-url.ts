const place = '{trace_id}';

/** What is wrong with a template of links to traces; undefined: nothing. */
export const traceUrlFault = (template: string): string | undefined => {
  const url = URL.parse(template);
  const isLink = url !== null && (url.protocol === 'http:' || url.protocol === 'https:');
  return isLink && template.includes(place)
    ? undefined
    : `expected an http: or https: URL with ${place} in it`;
};

/** Links to traces; without a template, or a trace, an empty text. */
export const traceUrls = (template: string | undefined): ((traceId: string) => string) => {
  return (traceId) => (template === undefined || traceId === '' ? '' : template.replaceAll(place, traceId));
};
