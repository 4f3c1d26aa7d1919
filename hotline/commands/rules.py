"""The versions of the rules."""

import json

import click

from hotline.commands.frame import hotline, open_app_context, out
from hotline.queries.deadlines.rule_versions import rule_versions


@hotline.command()
@click.option("--json", "as_json", is_flag=True, help="以JSON输出")
def rules(as_json: bool) -> None:
    """规则的各个版本：自何时起施行，改了什么；由 hotline load 从 config/ 装入。"""
    with open_app_context().snapshot() as ctx:
        found = rule_versions(ctx)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for line in found["versions"]:
        since = line["begins_at"][:16].replace("T", " ")
        now = "  现行" if line["in_force"] else ""
        out.print(f"第{line['version']}版  自 {since} 起  {'、'.join(line['changed'])}{now}")
    if not found["versions"]:
        out.print("还没有装入：请运行 hotline load。")
    if found["changed"]:
        out.print(f"配置文件中{'、'.join(found['changed'])}已改，尚未施行：请运行 hotline load，作为新的一版。")
