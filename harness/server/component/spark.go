package component

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"
)

// sparkHeap is in MiB, for a table of a lab's size.
const sparkHeap = 900

// Spark is Spark's Thrift server: SQL over files, by the protocol of HiveServer2, which
// Impala has too. It is optional, and runs as a process only: it reads files that
// another component writes.
func Spark() Component {
	return Component{
		Name:      "spark",
		Attach:    []string{"thrift"},
		Ports:     []Port{{Name: "thrift", Number: 10000}},
		MemoryMiB: 1024,
		BootLimit: 2 * time.Minute,
		Process:   sparkProcess,
		Ready:     sparkReady,
	}
}

func sparkProcess(s Site) Process {
	_, port := split(s.Bind("thrift"))
	command := java(s, sparkHeap, s.Artefacts, sparkModules...)
	command = append(command, "org.apache.spark.deploy.SparkSubmit", "--master", "local[2]")
	for _, setting := range []string{
		"spark.ui.enabled=false",
		fmt.Sprintf("spark.driver.memory=%dm", sparkHeap),
		"spark.driver.bindAddress=" + s.BindHost, "spark.driver.host=" + s.BindHost,
		"spark.sql.warehouse.dir=" + s.Dir + "/warehouse",
		// The default of 200 tasks for a join is for a cluster.
		"spark.sql.shuffle.partitions=2",
	} {
		command = append(command, "--conf", setting)
	}
	return Process{
		// It writes the catalogue of tables, metastore_db, into the folder that it is
		// started in.
		Command: append(command, "--class", "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2", "spark-internal",
			"--hiveconf", "hive.server2.thrift.port="+port, "--hiveconf", "hive.server2.thrift.bind.host="+s.BindHost),
		Env: []string{"SPARK_HOME=" + s.Dir, "SPARK_LOCAL_DIRS=" + s.Dir, "SPARK_CONF_DIR=" + s.Dir},
	}
}

// sparkReady begins a session of SASL, as clients do: the port is open before the
// server answers. A message is a status (1 start, 2 ok, 5 complete), the length of what
// follows in four bytes, and that. Source: TSaslTransport.java of github.com/apache/thrift.
func sparkReady(ctx context.Context, at Addresses) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", at.Addr("spark", "thrift"))
	if err != nil {
		return err
	}
	defer conn.Close()
	if limit, limited := ctx.Deadline(); limited {
		conn.SetDeadline(limit)
	}
	if _, err := conn.Write(append(saslMessage(1, "PLAIN"), saslMessage(2, "\x00hoplab\x00-")...)); err != nil {
		return err
	}
	answer := make([]byte, 5)
	if _, err := io.ReadFull(conn, answer); err != nil {
		return fmt.Errorf("its port is open, and it doesn't answer yet: %w", err)
	}
	if complete := byte(5); answer[0] != complete {
		return fmt.Errorf("it answers a login with status %d, want %d", answer[0], complete)
	}
	return nil
}

func saslMessage(status byte, text string) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{status}, uint32(len(text))), text...)
}

// sparkModules open what Spark reaches by reflection on Java 17. Source:
// JavaModuleOptions.java of github.com/apache/spark, 3.5.
var sparkModules = opened("java.lang", "java.lang.invoke", "java.lang.reflect", "java.io", "java.net", "java.nio", "java.util",
	"java.util.concurrent", "java.util.concurrent.atomic", "sun.nio.ch", "sun.nio.cs", "sun.security.action", "sun.util.calendar")
