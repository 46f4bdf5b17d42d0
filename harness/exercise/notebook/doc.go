// Package notebook reads a lab's page, which is Markdown, as a list of cells,
// runs them in order, compares what they print with what the page shows, and
// writes the page anew where it shows something else.
//
// # Cells
//
// A cell is a fenced code block at the line's start, outside of lists and
// quotations. Its first word says what it is, and is what a repository's page
// takes for the language; attributes follow:
//
//	```sql id=tables file=tables.sql
//
// The kinds are sql (statements for Flink), sh (a script), json (a JSON text)
// and http (a request: the line "METHOD URL", headers, a blank line, a body).
//
//	id=NAME      what reports call it: a-z, 0-9 and -, once in a page
//	file=PATH    the block is this file of the lab's solution, word for word
//	timeout=30s  its own time limit
//	norun        it is shown and not run
//	fails        it is a trap: running it has to fail
//
// Blocks of other languages without attributes are no cells.
//
// # Parameters
//
// ${name} stands for a value of the run, such as ${topic}. One that isn't known
// is an error. In sql, those in comments stay as they are. A script gets them as
// variables of its environment, so that ${name} means the same there; a name in
// capitals, or one that the script names elsewhere too, is the script's own.
//
// # Outputs
//
// A block whose info string is "output", or whose second word that is ("text
// output", "json output"), and that follows a cell directly shows what the cell
// prints. Space at the ends of lines and empty lines at the end don't count.
// Without such a block, what the cell prints is not compared. In a shown line
//
//	[..]     is any text, or none
//	[N]      is a number, such as 5, -1.25, 3,000 or 6e-3
//	[TIME]   is a date and time, such as 2023-11-14T22:13:20.05Z
//	[ID]     is a name without spaces: letters, digits, _ and -
//	${name}  is a parameter's value
//
// and a line that is only "..." is any number of lines, or none. Each of these
// is itself too, so that any text can be shown.
package notebook
