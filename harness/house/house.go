// Package house holds the tests of the house rules that hold for every package:
// they read the repository's own source, and start nothing.
package house
