#!/usr/bin/env node
"use strict";
require("./bundle.js").load("main.cjs").main();
