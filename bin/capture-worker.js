"use strict";
/** The thread that reads while a screen is shown. */
require("./bundle.js").load("capture-worker.cjs");
