// Package define describes Grafana's dashboard with the types of Grafana's own
// foundation SDK: a name that Grafana doesn't know doesn't compile. The tests of
// package grafana write it to the shipped file; no program needs this package.
package define

import (
	"github.com/grafana/grafana-foundation-sdk/go/barchart"
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/elasticsearch"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
)

// The time range of the dashboard. Sessions begin at wisdm.DefaultBase, 20 s after
// From, and last three minutes. Rows of a clock that went back are before it.
const (
	From = "2023-11-14T22:13:00.000Z"
	To   = "2023-11-14T22:18:00.000Z"
)

// interval of all panels over time. It is fixed: with "auto" it would depend on the
// width of the screen.
const interval = "1s"

// Filters of panels. The two sensors aren't mixed, because their units differ.
const (
	chosen = "action:$activity"
	accel  = "sensor:accel AND " + chosen
	gyro   = "sensor:gyro AND " + chosen
)

// Dashboard returns the dashboard in the classic model: Grafana 11 knows no other,
// and 12 has the new one behind its feature toggle dashboardNewLayouts.
//
//lint:ignore SA1019 see above
func Dashboard() (dashboard.Dashboard, error) {
	//lint:ignore SA1019 see above
	return dashboard.NewDashboardBuilder("hoplab").
		Uid("hoplab").
		Description("What the pipeline has brought into Elasticsearch, over event time.").
		Tags([]string{"hoplab"}).
		Time(From, To).
		Timezone(common.TimeZoneUtc).
		WithVariable(activity()).
		WithRow(dashboard.NewRowBuilder("Over event time").Id(1)).
		WithPanel(axes(2, "Accelerometer: mean of x, y and z", accel, "accMS2")).
		WithPanel(axes(3, "Gyroscope: mean of x, y and z", gyro, "rotrads")).
		WithPanel(rates(4, "Rows per second by sensor", "sensor")).
		WithPanel(rates(5, "Rows per second by activity", "action")).
		WithRow(dashboard.NewRowBuilder("In all").Id(6)).
		WithPanel(percentiles(7)).
		WithPanel(bars(8, "Rows by activity", chosen, terms("action"), count())).
		WithPanel(bars(9, "Minima and maxima by sensor", chosen, terms("sensor"), extremes()...)).
		WithPanel(bars(10, "Accelerometer: mean of x, y and z by activity", accel, terms("action"), means("x", "y", "z")...)).
		WithPanel(bars(11, "Accelerometer: mean of x and z over y", accel, histogram("y"), means("x", "z")...).Span(24)). // some forty bars, each with its label
		Build()
}

// activity is one letter, several, or all. Source of the query: Grafana's manual,
// "Elasticsearch template variables".
func activity() cog.Builder[dashboard.VariableModel] {
	all, value := "All", "$__all"
	return dashboard.NewQueryVariableBuilder("activity").
		Label("Activity").
		Datasource(source()).
		Query(dashboard.StringOrMap{String: cog.ToPtr(`{"find": "terms", "field": "action"}`)}).
		Refresh(dashboard.VariableRefreshOnDashboardLoad).
		Sort(dashboard.VariableSortAlphabeticalAsc).
		Multi(true).IncludeAll(true).AllValue("*").
		Current(dashboard.VariableOption{
			Text: dashboard.StringOrArrayOfString{String: &all}, Value: dashboard.StringOrArrayOfString{String: &value},
		})
}

func source() common.DataSourceRef {
	return common.DataSourceRef{Type: cog.ToPtr("elasticsearch"), Uid: cog.ToPtr("datuak")}
}

func query(filter string, buckets []elasticsearch.BucketAggregation, metrics []elasticsearch.MetricAggregation) *elasticsearch.DataqueryBuilder {
	return elasticsearch.NewDataqueryBuilder().RefId("A").Query(filter).BucketAggs(numbered(buckets)).Metrics(metrics)
}

func axes(id uint32, title, filter, unit string) cog.Builder[dashboard.Panel] {
	return lines(id, title).Unit(unit).
		WithTarget(query(filter, []elasticsearch.BucketAggregation{overTime("1")}, means("x", "y", "z")))
}

// lines switches legends and tooltips on: the SDK's defaults switch them off.
func lines(id uint32, title string) *timeseries.PanelBuilder {
	return timeseries.NewPanelBuilder().Id(id).Title(title).Datasource(source()).Height(8).Span(12).
		Legend(legend()).Tooltip(tooltip())
}

func legend() cog.Builder[common.VizLegendOptions] {
	return common.NewVizLegendOptionsBuilder().ShowLegend(true).
		DisplayMode(common.LegendDisplayModeList).Placement(common.LegendPlacementBottom)
}

func tooltip() cog.Builder[common.VizTooltipOptions] {
	return common.NewVizTooltipOptionsBuilder().Mode(common.TooltipDisplayModeMulti).Sort(common.SortOrderNone)
}

// rates are stacked: sensors have the same rate most of the time, and one line would hide
// the other.
func rates(id uint32, title, by string) cog.Builder[dashboard.Panel] {
	return lines(id, title).Unit("suffix: rows/s").FillOpacity(filled).
		Stacking(common.NewStackingConfigBuilder().Mode(common.StackingModeNormal).Group("A")).
		WithTarget(query(chosen, []elasticsearch.BucketAggregation{terms(by), overTime("0")}, []elasticsearch.MetricAggregation{count()}))
}

// filled is how opaque the area below a line is, in percent.
const filled = 25

// maxLabel is how long the label of a bar may be, in characters. The SDK's default
// of 0 shortens each label to "…".
const maxLabel = 100

// bars names the field of the x axis, because Grafana itself takes one that has text or
// times. Source: Grafana's manual, "Bar chart", supported data formats.
func bars(id uint32, title, filter string, bucket elasticsearch.BucketAggregation, metrics ...elasticsearch.MetricAggregation) *barchart.PanelBuilder {
	return barchart.NewPanelBuilder().Id(id).Title(title).Datasource(source()).Height(8).Span(12).
		XField(fieldOf(bucket)).XTickLabelMaxLength(maxLabel).Legend(legend()).Tooltip(tooltip()).
		WithTarget(query(filter, []elasticsearch.BucketAggregation{bucket}, metrics))
}

// percentiles shows each row of the answer, one per sensor: without values, Grafana
// would show one number made of both. With the SDK's default of no orientation,
// Grafana 12.2 shows one of the six values.
func percentiles(id uint32) cog.Builder[dashboard.Panel] {
	return stat.NewPanelBuilder().Id(id).Title("2nd percentile of x, y and z by sensor").Datasource(source()).Height(8).Span(12).
		Orientation(common.VizOrientationAuto).
		ReduceOptions(common.NewReduceDataOptionsBuilder().Values(true).Calcs([]string{"lastNotNull"})).
		WithTarget(query(chosen, []elasticsearch.BucketAggregation{terms("sensor")}, []elasticsearch.MetricAggregation{
			percentile("1", "x"), percentile("2", "y"), percentile("3", "z"),
		}))
}
