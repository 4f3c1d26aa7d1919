"""Accounts and tokens; passwords come from a prompt or from standard input, never from an argument."""

import getpass
import sys
from datetime import timedelta

import click
from marshmallow import ValidationError
from marshmallow.validate import Email
from sqlalchemy import select

from hotline.casework.accounts import account_admin, accounts
from hotline.casework.ratings import rated_bodies
from hotline.commands.frame import hotline, open_app_context, out
from hotline.models.accounts.staff import Staff
from hotline.rules.accounts.administration import CONSOLE
from hotline.rules.refusals import InvalidInput
from hotline.rules.vocabulary import Role
from hotline.schemas.intake.enterprise import normalise_phone


@hotline.group()
def staff() -> None:
    """账号。"""


def _password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("密码：")
    return sys.stdin.readline().rstrip("\n")


@staff.command("add")
@click.argument("username")
@click.option("--name", required=True, help="姓名")
@click.option("--unit", required=True, help="单位代码")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([str(role) for role in Role]))
@click.option("--email", help="接收提醒的邮箱")
@click.option("--phone", help="接收提醒的手机")
def staff_add(
    username: str, name: str, unit: str, roles: tuple[str, ...], email: str | None, phone: str | None
) -> None:
    """新增账号；密码从提示或标准输入读取。"""
    held = tuple(Role(role) for role in roles)
    new_staff = accounts.NewStaff(username, name, _password(), unit, held, _mail_address(email), _mobile(phone))
    with open_app_context().transaction() as ctx:
        account_admin.hire(ctx.by(CONSOLE), new_staff)
    out.print(f"已新增 {username}。")


@staff.command("list")
def staff_list() -> None:
    """列出账号。"""
    with open_app_context().snapshot() as ctx:
        for person in ctx.session.scalars(select(Staff).order_by(Staff.username)):
            state = "（停用）" if person.disabled_at else ""
            roles = "、".join(role.role.label for role in person.roles)
            out.print(f"{person.username}\t{person.name}\t{person.unit.name}\t{roles}{state}")


def _mobile(phone: str | None) -> str | None:
    try:
        return normalise_phone(phone) if phone else phone
    except ValidationError as error:
        raise InvalidInput({"/phone": str(error.messages[0])}) from None


def _mail_address(email: str | None) -> str | None:
    try:
        Email(error="电子邮箱不对")(email) if email else None
    except ValidationError as error:
        raise InvalidInput({"/email": str(error.messages[0])}) from None
    return email


@staff.command("addresses")
@click.argument("username")
@click.option("--email", help="接收提醒的邮箱；空为不发邮件")
@click.option("--phone", help="接收提醒的手机；空为不发短信")
def staff_addresses(username: str, email: str | None, phone: str | None) -> None:
    """设置接收提醒的邮箱和手机。"""
    with open_app_context().transaction() as ctx:
        account_admin.set_addresses(ctx.by(CONSOLE), username, _mail_address(email), _mobile(phone))
    out.print("已设置。")


@staff.command("disable")
@click.argument("username")
def staff_disable(username: str) -> None:
    """停用账号，并使其各处登录失效。"""
    with open_app_context().transaction() as ctx:
        account_admin.disable(ctx.by(CONSOLE), username)
    out.print(f"已停用 {username}。")


@staff.command("set-password")
@click.argument("username")
def staff_set_password(username: str) -> None:
    """重设密码；从提示或标准输入读取。"""
    password = _password()
    with open_app_context().transaction() as ctx:
        account_admin.set_password(ctx.by(CONSOLE), username, password)
    out.print("已重设。")


@staff.command("reset-second-factor")
@click.argument("username")
def staff_reset_second_factor(username: str) -> None:
    """关闭账号的两步验证（手机和备用码都丢失时），并使其各处登录失效。"""
    with open_app_context().transaction() as ctx:
        account_admin.reset_second_factor(ctx.by(CONSOLE), username)
    out.print(f"已关闭 {username} 的两步验证。")


@hotline.command()
@click.argument("username")
@click.option("--days", type=click.IntRange(1, 3650), default=90, show_default=True, help="有效天数")
def token(username: str, days: int) -> None:
    """为账号生成接口令牌（只显示一次）。"""
    with open_app_context().transaction() as ctx:
        secret = account_admin.grant_token(ctx.by(CONSOLE), username, timedelta(days=days), label="command line")
    click.echo(secret)


@hotline.command("channel-token")
@click.argument("code")
@click.option("--days", type=click.IntRange(1, 3650), default=365, show_default=True, help="有效天数")
def channel_token(code: str, days: int) -> None:
    """为评价渠道生成令牌（只显示一次；以前的令牌作废）。"""
    with open_app_context().transaction() as ctx:
        secret = rated_bodies.grant_channel_token(ctx.by(CONSOLE), code, days=days)
    click.echo(secret)
