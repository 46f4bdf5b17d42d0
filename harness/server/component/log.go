package component

import (
	"fmt"
	"strings"
)

// log4j2Console has Log4j 2 print to the console.
const log4j2Console = `status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] %m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
`

// reload4jConsole has Reload4j, which reads Log4j 1's settings, print to the console.
const reload4jConsole = `log4j.rootLogger=INFO, console
log4j.appender.console=org.apache.log4j.ConsoleAppender
log4j.appender.console.layout=org.apache.log4j.PatternLayout
log4j.appender.console.layout.ConversionPattern=[%d{ISO8601}][%-5p][%c] %m%n
`

// consoleLog has a JVM print its log, whichever logger is among its jars: slf4j-simple
// in the artefacts, Log4j 2 in the images of Flink and Kafka 4, Reload4j in that of
// Kafka 3. Of the quiet loggers, only warnings are printed.
func consoleLog(s Site, quiet ...string) (files []File, flags []string) {
	flags = []string{
		"-Dorg.slf4j.simpleLogger.showDateTime=true",
		"-Dlog4j2.configurationFile=" + s.Dir + "/log4j2.properties",
		"-Dlog4j.configuration=file:" + s.Dir + "/log4j.properties",
	}
	var log4j2, reload4j strings.Builder
	for i, logger := range quiet {
		flags = append(flags, "-Dorg.slf4j.simpleLogger.log."+logger+"=warn")
		fmt.Fprintf(&log4j2, "logger.q%d.name = %s\nlogger.q%d.level = warn\n", i, logger, i)
		fmt.Fprintf(&reload4j, "log4j.logger.%s=WARN\n", logger)
	}
	return []File{
		{Path: "log4j2.properties", Text: log4j2Console + log4j2.String()},
		{Path: "log4j.properties", Text: reload4jConsole + reload4j.String()},
	}, flags
}
