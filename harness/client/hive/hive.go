// Package hive asks servers that speak HiveServer2's protocol, such as Impala, Hive and
// Spark's Thrift server.
package hive

import (
	"context"
	"fmt"
	"net"
	"strconv"

	"github.com/beltran/gohive"
)

// Client asks the server at Addr, host:port, which lets everybody in.
type Client struct{ Addr string }

// Row has a value for each column of an answer: a string, a number or nil.
type Row = map[string]any

// pollPause is between two questions of whether there is an answer, in milliseconds.
const pollPause = 50

// Exec runs statements, without their semicolons, in one session. Its error names the one
// that failed.
func (c Client) Exec(ctx context.Context, statements ...string) error {
	connection, err := c.connect()
	if err != nil {
		return err
	}
	defer connection.Close()
	for _, statement := range statements {
		cursor := connection.Cursor()
		cursor.Exec(ctx, statement)
		cursor.Close()
		if cursor.Err != nil {
			return c.refused(statement, cursor.Err)
		}
	}
	return nil
}

// Query returns the rows that a statement answers with.
func (c Client) Query(ctx context.Context, statement string) (rows []Row, err error) {
	connection, err := c.connect()
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	cursor := connection.Cursor()
	defer cursor.Close()
	for cursor.Exec(ctx, statement); cursor.Err == nil && cursor.HasMore(ctx); {
		if row := cursor.RowMap(ctx); cursor.Err == nil {
			rows = append(rows, row)
		}
	}
	if cursor.Err != nil {
		return nil, c.refused(statement, cursor.Err)
	}
	return rows, nil
}

func (c Client) refused(statement string, err error) error {
	return fmt.Errorf("the SQL engine at %s refuses %.60q: %w", c.Addr, statement, err)
}

func (c Client) connect() (*gohive.Connection, error) {
	host, number, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return nil, err
	}
	port, err := strconv.Atoi(number)
	if err != nil {
		return nil, fmt.Errorf("the SQL engine's address is %q; its port must be a number", c.Addr)
	}
	config := gohive.NewConnectConfiguration()
	config.Username, config.PollIntervalInMillis = "hoplab", pollPause
	connection, err := gohive.Connect(host, port, "NONE", config)
	if err != nil {
		return nil, fmt.Errorf("connect to the SQL engine at %s: %w", c.Addr, err)
	}
	return connection, nil
}
