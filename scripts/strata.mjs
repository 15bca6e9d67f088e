#!/usr/bin/env node
import { bootstrap } from './bootstrap.mjs';

bootstrap('strata', process.argv.slice(2));
