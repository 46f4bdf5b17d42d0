// Package author checks what the authors of labs have written, without a server
// (Lint) and on a stack (Try), and makes the folder of a new lab.
//
// # The points of a page
//
// The first "N points" of a page, outside of code, is the lab's total: that of
// all checks of its lab.yaml, the hidden ones too. A page need not say it.
//
// # What is left to write
//
// FIXME in a lab's files marks what its author has yet to write, in the files of
// a new lab for a start. TODO is what a student has to fill in.
package author
