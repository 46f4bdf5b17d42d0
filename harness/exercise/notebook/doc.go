// Package notebook reads a lab's page, which is Markdown, as a list of cells, runs
// them in order, compares what they print with what the page shows, and updates the
// page where that differs.
//
// # Cells
//
// A cell is a fenced code block at the start of a line, outside of lists and
// quotations. Its first word is its kind, which Markdown viewers use as the language;
// attributes follow:
//
//	```sql id=tables file=tables.sql
//
// The kinds are sql (statements for Flink), sh (a script), json (a JSON text)
// and http (a request: the line "METHOD URL", headers, a blank line, a body).
//
//	id=NAME      its name in reports: a-z, 0-9 and -, unique in the page
//	file=PATH    the block is an exact copy of this file of the lab's solution
//	timeout=30s  its own time limit
//	norun        it is shown but not run
//	fails        it is a trap: running it must fail
//
// Blocks of other languages without attributes aren't cells.
//
// # Parameters
//
// ${name} stands for a value of the run, such as ${topic}. An unknown name is an
// error. In sql, parameters in comments are left alone. A script gets them as
// environment variables, so ${name} means the same there; a name in capitals, or one
// that the script uses elsewhere too, is a variable of the script's own.
//
// # Outputs
//
// A block whose info string is "output", or whose second word is ("text output",
// "json output"), and that directly follows a cell shows what the cell prints.
// Trailing space and empty lines at the end don't count. Without such a block, the
// output isn't compared. In a shown line
//
//	[..]     is any text, or none
//	[N]      is a number, such as 5, -1.25, 3,000 or 6e-3
//	[TIME]   is a date and time, such as 2023-11-14T22:13:20.05Z
//	[ID]     is a name without spaces: letters, digits, _ and -
//	${name}  is a parameter's value
//
// and a line that is only "..." is any number of lines, or none. Each of these also
// matches itself, so any text can be shown.
package notebook
