"""Routes under ``/api/v1/``."""

from django.urls import path

from accounts import api

urlpatterns = [
    path("auth/otp/request/", api.OtpRequestView.as_view()),
    path("auth/otp/verify/", api.OtpVerifyView.as_view()),
    path("auth/register/", api.RegisterView.as_view()),
    path("auth/login/", api.LoginView.as_view()),
    path("auth/password/", api.PasswordView.as_view()),
    path("auth/token/refresh/", api.RefreshView.as_view()),
    path("auth/logout/", api.LogoutView.as_view()),
    path("auth/devices/", api.DevicesView.as_view()),
    path("auth/devices/<str:device_id>/", api.DeviceView.as_view()),
    path("auth/phone-prefixes/", api.PhonePrefixesView.as_view()),
    path("users/me/", api.MeView.as_view()),
    path("users/me/privacy/", api.PrivacyView.as_view()),
    path("users/<str:user_id>/", api.UserView.as_view()),
]
