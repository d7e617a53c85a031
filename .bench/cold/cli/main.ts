/** Starts the command line. The only place that ends the process. */
process.exitCode = 2;
