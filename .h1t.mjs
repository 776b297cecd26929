import {untarring} from './server/src/effects/image/tar.ts';import {readFileSync} from 'node:fs';
const u=untarring(h=>{console.log(h.path,h.type,h.uid,h.gid,h.size);return undefined});await u.write(readFileSync(process.argv[2]));await u.end();
