#include "cli.h"
#include "commands.h"

static int run(struct sg_cli *cli, const struct sg_args *args, struct sg_err *err) {
    sg_auto_outputs outputs = {0};
    if (sg_outputs_parse(args, SG_REPORT_VERSION, &outputs, err) < 0) {
        return -1;
    }
    struct sg_report report = {
        .kind = SG_REPORT_VERSION,
        .version = {.tool = SG_VERSION, .renderer = sg_plan_renderer()},
    };
    return sg_outputs_write(cli, &outputs, &report, NULL, err) < 0 ? -1 : SG_EXIT_OK;
}

const struct sg_cmd sg_cmd_version = {
    .name = "version",
    .group = "Help",
    .summary = "Print the version, and which kustomize build renders like",
    .details =
        "Prints the version of sgupgrade and the version of kustomize whose output "
        "`sgupgrade build` reproduces byte for byte.",
    .run = run,
};
