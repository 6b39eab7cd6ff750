package io.dynapipe.bench;

/**
 * One run of a program.
 *
 * @param seconds of the whole process, start of the Java virtual machine included
 * @param reportedSeconds as the program itself tells them; NaN when it does not
 * @param cpuSeconds user and system time of all its threads
 * @param rssMib the most memory that it had resident
 */
record Measured(double seconds, double reportedSeconds, double cpuSeconds, double rssMib) {}
