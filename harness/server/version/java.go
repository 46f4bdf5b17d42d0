package version

import (
	"strings"

	"hoplab.example/harness/util/jdk"
)

// The versions of Java that run each server, as far as they are known. "Tried" means
// that a run has passed on it, hop by hop.
// kafkaJava: Kafka's page "Compatibility" (4.1, "JDK Compatibility Across Kafka
// Versions") lists 17 and 23 for the server and Connect, and 11 as unsupported.
// Tried on 17 and 25: Kafka and Connect 4.1.2; on 25 also Kafka 3.9.2 with its
// ZooKeeper, and Kafka 4.4.0; on 21 Kafka 4.1.2; on 17 Connect 4.4.0.
var kafkaJava = jdk.Versions{Oldest: 17}

// flinkJava: the flags in component are Flink's own for 17. Tried: 1.20.3 on 17 and 21.
// On 25 it works too, but for a Kafka that asks for a login: "Timed out waiting for a
// node assignment", where 17 gets in. 2.2.1 was tried on 17 and 25, without logins.
func flinkJava(version string) jdk.Versions {
	if strings.HasPrefix(version, "1.") {
		return jdk.Versions{Oldest: 17, Newest: 23}
	}
	return jdk.Versions{Oldest: 17}
}

// sparkJava: Spark 3.5's page "Overview" lists 17; its Hadoop asks for the Security
// Manager's Subject, which Java 24 took away (JEP 486). Tried on 17.
var sparkJava = jdk.Versions{Oldest: 17, Newest: 23}

// elasticsearchJava: JEP 486 took the Security Manager out of Java 24. Seen on 25:
// 7.6.0, 7.17.29 and 8.6.2 turn it on and stop at once ("Enabling a Security Manager
// is not supported"), 8.19.21 starts and is ready. Tried: all on 17, and
// 7.17.29 on 21. 9's start script asks
// for 21 ("The minimum required Java version is 21"); 9.2.4 was tried on 25. (9.0.0 was
// ready on 21; on 25 it ends with "Failed entitlement protection self-test".)
func elasticsearchJava(version string) jdk.Versions {
	switch {
	case strings.HasPrefix(version, "9."):
		return jdk.Versions{Oldest: 21}
	case strings.HasPrefix(version, "8.19."):
		return jdk.Versions{Oldest: 17}
	}
	return jdk.Versions{Oldest: 17, Newest: 23}
}
