// Package superset holds a dashboard of Superset over two tables, in Superset's own
// export format, and the SQL that makes the tables. Zip folders and metadata.yaml within
// one folder to import them; ${engine} is the SQL engine's host:port.
package superset

import "embed"

// Export is the dashboard: metadata.yaml, and the folders databases, datasets, charts
// and dashboards.
//
//go:embed metadata.yaml databases datasets charts dashboards
var Export embed.FS

// Slug is the dashboard's name in addresses.
const Slug = "hoplab"

// Files is the SQL by which Flink writes the rows as files.
//
//go:embed files.sql
var Files string

// Tables is the SQL by which the engine has the files as tables.
//
//go:embed tables.sql
var Tables string

// Join is a query over both tables.
//
//go:embed join.sql
var Join string

// Activities has a line for each activity, code and name, as the dataset's
// activity_key.txt lists them, with words of our own.
//
//go:embed activities.csv
var Activities string
