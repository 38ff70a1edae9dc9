import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bannerText } from './banner.ts';
import { processTable } from './process-table.ts';
import { parseSettings } from './settings.ts';

const bannerOf = (offset: string): string => {
  const parsed = parseSettings({ SLUICE_PORT_OFFSET: offset }, '/w');
  assert.ok('value' in parsed);
  const url = `http://127.0.0.1:${parsed.value.ports.gatewayHttp}`;
  return bannerText(processTable(parsed.value, '/r', ''), { url, isDefault: offset === '0' });
};

test('the banner names every bound address', () => {
  const banner = bannerOf('0');
  for (const address of [
    'http://127.0.0.1:8000',
    '127.0.0.1:8001',
    'http://127.0.0.1:8002',
    '127.0.0.1:8010',
    'http://127.0.0.1:8012',
  ]) {
    assert.match(banner, new RegExp(`^  (gateway|model-runtime) \\w+ +${address}$`, 'm'));
  }
});

test('the banner has three things to try: curl, CLI, docs', () => {
  const banner = bannerOf('0');
  assert.match(banner, /^ {2}curl -s http:\/\/127\.0\.0\.1:8000\/v1\/models\/churn:predict .*"features"/m);
  assert.match(banner, /^ {2}npx sluice predict churn --set tenure=5 /m);
  assert.match(banner, /^ {2}http:\/\/127\.0\.0\.1:8000\/docs$/m);
});

test('on other ports the commands go there', () => {
  const banner = bannerOf('100');
  assert.match(banner, /curl -s http:\/\/127\.0\.0\.1:8100\//);
  assert.match(banner, /npx sluice --server http:\/\/127\.0\.0\.1:8100 predict churn/);
});
